"""What the DAG files share: the platform's conventions for a task's pod, and the pageviews project's assets.

The DAG files stay wiring: they name a project, an image and arguments; everything else is decided here.
"""
