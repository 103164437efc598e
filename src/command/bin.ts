#!/usr/bin/env node
import { run } from "./command.js";

// Ended here, because a library that was loaded for a credential may keep the process busy.
process.exit(await run(process.argv.slice(2), process));
