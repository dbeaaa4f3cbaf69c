"""hubops: one schema-validated site.yaml in, a GitOps repository for JupyterHub and Dask out."""

__version__ = "0.1.0"
