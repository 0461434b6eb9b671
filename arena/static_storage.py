from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """File names that change with their content, inside ES modules too."""

    support_js_module_import_aggregation = True
