"""Grades of a model beside the labels of a set that grades otherwise."""
