"""Which cell shows which explorer: a cell that is run again gives back what its last run held.

ipywidgets keeps every widget for ever, and IPython keeps every result in `Out`; without this, running
"change my step, run again" fifty times would fill a small kernel.
"""

_shown = {}  # id of a cell -> (id of its run, explorers that this run shows)


def note(explorer):
    """Remember that the running cell shows `explorer`; close what only its earlier run showed."""
    cell, run = _running_cell()
    if cell is None:
        return
    last_run, explorers = _shown.get(cell, (None, []))
    if last_run == run:
        if explorer not in explorers:
            explorers.append(explorer)
        return
    _shown[cell] = (run, [explorer])
    elsewhere = [other for _, shown in _shown.values() for other in shown]
    for old in explorers:
        if old not in elsewhere:
            old.close()


def _running_cell():
    """Return (id of the cell, id of this run of it); JupyterLab tells both, a plain IPython neither."""
    from IPython import get_ipython

    try:
        parent = get_ipython().get_parent()
        return parent["metadata"]["cellId"], parent["header"]["msg_id"]
    except (AttributeError, KeyError, TypeError):
        return None, None
