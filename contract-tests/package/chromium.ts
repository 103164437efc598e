/** A real Chromium, driven by playwright-core. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { installPackages, MissingPackage } from "../../scripts/tools/install.js";

/** Debian's Chromium, and the Chrome that GitHub's Ubuntu runners have. */
const BROWSERS = ["/usr/bin/chromium", "/usr/bin/google-chrome"];
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
  const executablePath = BROWSERS.find((each) => existsSync(each));
  if (executablePath === undefined)
    throw new MissingPackage(`${BROWSERS.join(" and ")} are missing (apt-get install chromium)`);
  const folder = installPackages("playwright", { "playwright-core": "1.65.1" });
  const { chromium } = await import(pathToFileURL(join(folder, "node_modules/playwright-core/index.mjs")).href);
  return chromium.launch({ executablePath, args: SWITCHES.map((each) => `--${each}`) });
}
