"""Easel's server on several engines, with Ray Serve. docs/SERVING.md says how it is started."""
