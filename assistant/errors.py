"""What can go wrong between a question and its answer; messages are for the person who asked."""


class AssistantError(Exception):
    """Base of every error of this package; a sentence in Chinese that says what to do."""


class QuestionError(AssistantError):
    """A question that cannot be read: empty or too long."""


class BatchError(AssistantError):
    """A file of questions, or a line of it, that cannot be read."""
