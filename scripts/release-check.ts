/** `npm run release:check`: the checks of the release workflow, up to publishing. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { changelogProblem, tagProblem } from "./tools/release-rules.js";
import { finish, report, runStep } from "./tools/steps.js";
import { versionProblem } from "./tools/version.js";

const root = process.cwd();
const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

const changes = execFileSync("git", ["status", "--porcelain"], { encoding: "utf8" });
report("everything is committed", changes === "" ? undefined : changes);

report(
  `CHANGELOG.md begins with ${version} and its date`,
  changelogProblem(version, readFileSync("CHANGELOG.md", "utf8")),
);

const tag = process.env.GITHUB_REF_TYPE === "tag" ? process.env.GITHUB_REF_NAME : undefined;
if (tag !== undefined) report(`the tag ${tag} names the version`, tagProblem(version, tag));

report(`${version} is enough for what changed in the contract`, versionProblem(version, root));

for (const script of ["test", "test:package", "bench:size"])
  await runStep(`npm run ${script}`, ["npm", "run", script], root);
await runStep("npm publish --dry-run", ["npm", "publish", "--dry-run", "--access", "public"], root);
finish();
