// node run.mjs PYODIDE SITE_PACKAGES CHECKOUT REPORTS pytest-arguments...
//
// Runs inside.py on the CPython of Pyodide, with three folders of this machine mounted.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, site, checkout, reports, ...args] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
const pyodide = await loadPyodide({
  // No "-W error": the start of Pyodide itself warns. setup.cfg makes warnings of the tests errors.
  args: ["-bb"],
  env: { HOME: "/home", PYTHONDONTWRITEBYTECODE: "1", CI: process.env.CI ?? "" },
  stdout: (line) => console.log(line),
  stderr: (line) => console.error(line),
});
pyodide.mountNodeFS("/site", site);
pyodide.mountNodeFS("/checkout", checkout);
pyodide.mountNodeFS("/reports", reports);
pyodide.globals.set("arguments", pyodide.toPy(args));
const file = "tests/pyodide/inside.py";
const status = pyodide.runPython(readFileSync(`${checkout}/${file}`, "utf8"), { filename: `/checkout/${file}` });
process.exit(Number(status));
