"""Letters by mail: written from templates, sent by the worker, switched off by their readers."""
