# A module compiled by one run is not imported by the next.
# first: cause=exited exit=0
# expect: cause=exited exit=0
import pathlib
import sys

if sys.argv[1] == "first":
    pathlib.Path("left.py").write_text("value = 1\n")
    import left
else:
    try:
        import left
        sys.exit(1)
    except ModuleNotFoundError:
        pass
