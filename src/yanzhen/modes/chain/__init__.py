"""Industrial and supply chains: who supplies whom, what is missing, who moves together."""
