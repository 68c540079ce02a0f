"""What can go wrong when the page is started."""

from assistant.errors import AssistantError


class PortBusyError(AssistantError):
    """Another program listens on the port."""


class AddressError(AssistantError):
    """The page cannot be served on this host and port, whoever else listens."""
