"""Homework 2: momentum."""

EXERCISES = {}
