"""Static files with a hash in their names."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class RegistryStaticFilesStorage(CompressedManifestStaticFilesStorage):
    # Vendored scripts name source maps that are not shipped; a missing one must not stop collectstatic.
    patterns = tuple(
        (extension, tuple(rule for rule in rules if "sourceMappingURL" not in str(rule)))
        for extension, rules in CompressedManifestStaticFilesStorage.patterns
    )
