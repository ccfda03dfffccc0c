"""DICOM in: read a study, choose its axial slices, cut the network's input."""
