"""`yanzhen exchange`: what organisations agree, on the machine of the store."""

import typer

from yanzhen.cli.deals import deals
from yanzhen.cli.language import COMMANDS

exchange = typer.Typer(
    name="exchange",
    help="\n".join(COMMANDS.words("help.exchange")),
    no_args_is_help=True,
    rich_markup_mode="rich",
)
exchange.add_typer(deals)
