/**
 * `npm run test:testing`: packs the package, and runs each test of docs/testing.md with the command that the page gives
 * for it, on Node 24, which Vitest and MSW need.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { installPackages, nodeBinary } from "../../scripts/tools/install.js";
import { finish, report, runStep } from "../../scripts/tools/steps.js";

type Command = [string, ...string[]];

const page = readFileSync("docs/testing.md", "utf8");
const PATH = [dirname(nodeBinary(24)), process.env.PATH].join(delimiter);
const tools = installPackages("testing", {
  "@stoplight/prism-cli": "5.14.2",
  jest: "30.5.2",
  msw: "3.0.5",
  vitest: "5.1.1",
});
// Not below node_modules, where Jest and Vitest find no tests.
const folder = mkdtempSync(join(tmpdir(), "fine-tuning-client-"));

/** A `node_modules` with the tools and the packed package. */
function install(): void {
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, "fine-tuning-client"), { recursive: true });
  for (const name of readdirSync(join(tools, "node_modules")))
    symlinkSync(join(tools, "node_modules", name), join(modules, name));
  symlinkSync(resolve("node_modules/openapi-fetch"), join(modules, "openapi-fetch"));
  execFileSync("npm", ["pack", "--pack-destination", folder, "--loglevel=error"], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) as string;
  execFileSync("tar", ["-xzf", tarball, "--strip-components=1", "-C", "node_modules/fine-tuning-client"], {
    cwd: folder,
  });
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** Starts Prism with the page's own command; resolves with what stops it. */
async function startPrism(port: number): Promise<() => void> {
  const [command] = /^npx prism mock .*$/m.exec(page) ?? [];
  const [program, ...args] = `${command} --port ${port}`.split(" ") as Command;
  // A group of its own, because npx does not hand signals on.
  const prism = spawn(program, args, { cwd: folder, env: { ...process.env, PATH }, detached: true });
  const stop = () => process.kill(-(prism.pid as number));
  await new Promise<void>((done, fail) => {
    prism.stdout.on("data", (text) => String(text).includes("listening") && done());
    prism.on("exit", (code) => fail(new Error(`\`${command}\` ended with ${code}.`)));
  });
  return stop;
}

install();
const port = await freePort();
const stopPrism = await startPrism(port);
const programs = [...page.matchAll(/```js\n\/\/ (\S+)\n(.*?)```\n\n```sh\n(.*?)\n```/gs)];
for (const [, name = "", code = "", command = ""] of programs) {
  writeFileSync(join(folder, name), code.replaceAll("4010", String(port)));
  // A run without any test would end well too.
  const expected = { env: { PATH, NODE_OPTIONS: "", NO_COLOR: "1" }, shows: /\b(?:pass [1-9]|[1-9] passed)/ };
  await runStep(`\`${command}\``, command.split(" ") as Command, folder, expected);
}
const written = [...page.matchAll(/```js\n/g)].length;
report("every program of the page has its command", programs.length === written ? undefined : `${written} programs`);
stopPrism();
rmSync(folder, { recursive: true });
finish();
