"""What can go wrong with the texts and their index."""


class KnowledgeError(Exception):
    """Base of every error of this package; the message is in Chinese and names the remedy."""


class PolicyTextError(KnowledgeError):
    """A text cannot be read or divided into clauses; names file and line."""


class FactsFileError(KnowledgeError):
    """A file of indicators or responsibilities cannot be used; names file, line, field and what is allowed."""


class SettingError(KnowledgeError):
    """A setting has a value that is not allowed; names the variable."""


class ModelError(KnowledgeError):
    """The embedding model or the reranker cannot be prepared or loaded."""


class IndexMissingError(KnowledgeError):
    """There is no index yet, or it is not complete."""


class IndexDamagedError(KnowledgeError):
    """The index on disk cannot be used; it can be rebuilt from the texts."""


class VectorServerError(KnowledgeError):
    """The Chroma server does not answer, or lacks what was asked for; the keyword index is not touched by it."""


class IndexBusyError(KnowledgeError):
    """Another process is writing the index."""


class IndexStaleError(KnowledgeError):
    """The index was built from other texts, with another model, or in another way than is done now."""


class DataFolderError(KnowledgeError):
    """The data folder cannot be created or written."""
