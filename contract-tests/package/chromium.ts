/** A real Chromium, driven by playwright-core. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { installPackages, MissingPackage } from "../../scripts/tools/install.js";

const CHROMIUM = "/usr/bin/chromium";
const SWITCHES = [
  "no-sandbox",
  "disable-gpu",
  "disable-quic",
  "no-first-run",
  "disable-background-networking",
  "disable-component-update",
  "disable-sync",
];

/** Throws {@link MissingPackage}. The types of playwright-core are not there: it is no dependency of the project. */
export async function launchChromium() {
  if (!existsSync(CHROMIUM)) throw new MissingPackage(`${CHROMIUM} is missing (apt-get install chromium)`);
  const folder = installPackages("playwright", { "playwright-core": "1.65.1" });
  const { chromium } = await import(pathToFileURL(join(folder, "node_modules/playwright-core/index.mjs")).href);
  return chromium.launch({ executablePath: CHROMIUM, args: SWITCHES.map((each) => `--${each}`) });
}
