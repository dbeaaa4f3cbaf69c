"""hubops: one schema-validated site.yaml in, a GitOps repository for JupyterHub and Dask out."""

__version__ = "0.1.0"

# Where the program and its documentation are at home; bugs are reported there too.
HOME = "https://github.com/protocoast/protocoast-gitops"
