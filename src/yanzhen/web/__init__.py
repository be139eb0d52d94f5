"""The workbench in a browser: pages by role over the answers of `yanzhen.api`."""
