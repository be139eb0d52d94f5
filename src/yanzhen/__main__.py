"""`python -m yanzhen` is the command `yanzhen`."""

from yanzhen.cli import main

main()
