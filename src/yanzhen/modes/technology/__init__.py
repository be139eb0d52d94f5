"""Technology: achievements brought to places, incubators and enterprises that can use them."""
