// Start the real Pyodide in Node, and let lesson_utils.guard meet a loop that does not end.
// node in_pyodide.mjs FOLDER_OF_PYODIDE FOLDER_OF_THE_COURSE
// numpy is no part of Pyodide's core: a stand-in takes its place, for the guard uses it only to look at arrays.
import { pathToFileURL } from "node:url";

const [folder, course] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
const pyodide = await loadPyodide({ indexURL: `${folder}/` });
pyodide.FS.mkdirTree("/course");
pyodide.FS.mount(pyodide.FS.filesystems.NODEFS, { root: course }, "/course");
const answer = await pyodide.runPythonAsync(`
import json, sys, threading, types
numpy = types.ModuleType("numpy")
numpy.__file__ = "/numpy/__init__.py"
numpy.__getattr__ = lambda name: type(name, (), {})
sys.modules["numpy"] = numpy
sys.path.insert(0, "/course")
sys.dont_write_bytecode = True
from lesson_utils import guard

def for_ever():
    while True:
        try:
            while True:
                pass
        except:
            pass

def wrong():
    return 1 / 0

def said(function):
    try:
        return guard.call(function, seconds=0.3)
    except guard.LearnerError as error:
        return error.sentence

try:
    threading.Thread(target=print).start()
    threads = "there are threads"
except RuntimeError as error:
    threads = str(error)
json.dumps([sys.version.split()[0], threads, said(for_ever), said(wrong), said(lambda: 7), sys.gettrace() is None])
`);
console.log(answer);
process.exit(0);
