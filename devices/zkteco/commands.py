"""What is said on ZKTeco's port 4370. The commands that clear, restart or switch off are not among these."""

from enum import IntEnum


class Command(IntEnum):
    """What is asked of a terminal."""

    WRITE_USER = 8
    USERS = 9
    OPTION = 11
    LOG = 13
    DELETE_USER = 18
    COUNTS = 50
    GET_TIME = 201
    SET_TIME = 202
    CONNECT = 1000
    EXIT = 1001
    UNLOCK = 1002
    LOCK = 1003
    REFRESH = 1013
    """Take over what was written."""
    AUTHENTICATE = 1102
    FREE_BUFFER = 1502
    PREPARE_BUFFER = 1503
    READ_BUFFER = 1504


class Said(IntEnum):
    """What a terminal answers, or says of its own accord."""

    EVENT = 500
    DATA_FOLLOWS = 1500
    DATA = 1501
    OK = 2000
    ERROR = 2001
    UNAUTHENTICATED = 2005
    UNKNOWN = 0xFFFF
    """This firmware has no such command."""


EVERYBODY = 5
"""With `USERS`: the people themselves, and none of their templates."""
