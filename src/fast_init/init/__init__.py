"""The functions with an underscore, in place, as in torch.nn.init: each applies a record."""
