"""Code that the DAG files share: the platform's conventions for a task's pod, and the assets of pageviews.

The DAG files only wire: they name a project, an image and arguments. This package decides everything else.
"""
