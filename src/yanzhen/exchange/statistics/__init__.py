"""Tables of what enterprises do that are published without betraying any one of them."""
