"""Taking over what runs already: values files and Applications -> a proposed site.yaml. Pure.

Every key of the values is expressed in site.yaml's own words, carried verbatim under `values`, or
listed as not carried with the reason; the proof builds the site again and compares.
"""
