"""Homework 3: tuning."""

EXERCISES = {}
