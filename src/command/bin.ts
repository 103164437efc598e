#!/usr/bin/env node
import { closeSync } from "node:fs";
import { isatty } from "node:tty";
import { run } from "./command.js";

const terminals = [0, 1, 2].filter((fd) => isatty(fd));
const code = await run(process.argv.slice(2), process);
// Node 20 restores the terminals that are open when it ends, and crashes where one is gone.
for (const fd of terminals) if (!isatty(fd)) closeSync(fd);
// Ended here, because a library that was loaded for a credential may keep the process busy.
process.exit(code);
