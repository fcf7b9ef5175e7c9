"""Records TCP teardowns of real sockets, with the kernel's own account of them."""
