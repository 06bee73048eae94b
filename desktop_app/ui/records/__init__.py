"""Registers, dispatch, money: pages that every level shares."""
