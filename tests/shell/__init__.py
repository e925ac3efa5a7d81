"""The shell: assets, templates, sign-in and error pages."""
