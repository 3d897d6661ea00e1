"""The tests: given, when and then in the words of the field; one folder per layer."""
