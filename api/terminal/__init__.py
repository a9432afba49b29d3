"""The screen of `manqin terminal`: what it says, in words, colour and sound, on a window or on the console."""
