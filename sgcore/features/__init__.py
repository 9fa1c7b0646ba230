"""Radiomics: presets, extraction, names, numerical residue, perturbed regions.

Importing this package imports neither PyRadiomics nor SimpleITK; extracting does.
"""
