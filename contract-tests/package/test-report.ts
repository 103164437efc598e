/**
 * `npm run test:report`: opens contract.html in a real Chromium, under a strict Content Security Policy, and uses it as a
 * person does: with the mouse, with the keyboard, in light and dark, wide and narrow; axe judges its accessibility.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installPackages, MissingPackage } from "../../scripts/tools/install.js";
import { finish, report } from "../../scripts/tools/steps.js";
import { main } from "../command/contract.js";
import type { Report } from "../command/report.js";
import { type ReferenceResponse, startReferenceService } from "../service/reference-service.js";
import { launchChromium } from "./chromium.js";

// biome-ignore lint/suspicious/noExplicitAny: playwright-core is no dependency of the project, so its types are not there
type Page = any;

const folder = mkdtempSync(join(tmpdir(), "report-"));
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** A run with violations, known drift and hostile texts. */
async function makeReport(): Promise<Report> {
  const hostile = "<img src=x onerror=alert(1)><script>alert(2)</script>";
  const change = (response: ReferenceResponse): ReferenceResponse => {
    if (response.status === 404) return { ...response, headers: { "content-type": `text/plain; a="${hostile}"` } };
    if (response.status !== 200) return response;
    const integrations = [{ type: "wandb", wandb: { project: 7 } }];
    const members = { seed: null, integrations, status: hostile, [hostile]: hostile };
    return { ...response, body: JSON.stringify({ ...JSON.parse(response.body), ...members }) };
  };
  const service = await startReferenceService({ change });
  const args = ["--target", service.url, "--cancel", service.jobs.queued as string, "--report", folder];
  const silent = { out: () => {}, err: () => {} };
  await main(args, { AZURE_OPENAI_API_KEY: service.apiKey }, silent);
  await service.close();
  return JSON.parse(readFileSync(join(folder, "contract.json"), "utf8")) as Report;
}

/** Serves the page as a CI server with a strict policy does. `requests` are the paths that were asked for. */
async function servePage(requests: string[]): Promise<Server> {
  const server = createServer(({ url = "" }, response) => {
    requests.push(url);
    response.writeHead(200, { "content-type": "text/html", "content-security-policy": POLICY });
    response.end(readFileSync(join(folder, "contract.html")));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return server;
}

/** Runs a step; what it returns or throws is its problem. */
async function step(what: string, run: () => Promise<string | undefined | false>): Promise<void> {
  try {
    report(what, (await run()) || undefined);
  } catch (error) {
    report(what, (error as Error).message);
  }
}

/** A problem, unless both are the same. */
function differs(actual: unknown, expected: unknown): string | undefined {
  const [a, b] = [actual, expected].map((each) => JSON.stringify(each));
  return a === b ? undefined : `${a}, expected ${b}`;
}

const visibleMembers = (page: Page, kind: string): Promise<number> =>
  page.locator(`.tree li.${kind} > .member:visible`).count();
const axeSource = () =>
  readFileSync(join(installPackages("axe", { "axe-core": "4.14.1" }), "node_modules/axe-core/axe.min.js"), "utf8");

async function useTheMouse(page: Page, url: string, run: Report): Promise<void> {
  await page.goto(url);
  await step("the heading is the verdict", async () =>
    differs(await page.getByRole("heading", { level: 1 }).textContent(), run.verdict.sentence),
  );
  await step("a finding leads to its example, and opens it", async () => {
    await page.locator("#findings").getByRole("link", { name: "cancel ftjob-queued" }).first().click();
    return differs(await page.locator("#exchange-5 pre").first().isVisible(), true);
  });
  await step("a finding leads to its member", async () => {
    await page.locator("#findings").getByRole("link", { name: "/seed" }).click();
    return differs(await page.locator(".member:target code").textContent(), "seed");
  });
  await page.goto(url);
  await step("the filter leaves the members with a violation, and those that contain them", async () => {
    await page
      .getByRole("radio", { name: /^violation/ })
      .first()
      .check();
    const all = await page.locator(".tree .member:visible").count();
    return differs([await visibleMembers(page, "violation"), all], [2, 4]);
  });
  await step("a link to a member that the filter hides shows it", async () => {
    await page.goto(`${url}#member-200/method/supervised/hyperparameters`);
    await page
      .getByRole("radio", { name: /^violation/ })
      .first()
      .check();
    return differs(await page.locator("[id='member-200/method/supervised/hyperparameters']").isVisible(), true);
  });
  await step("the filter of the exchanges leaves those with a violation", async () => {
    await page.goto(url);
    await page
      .locator("#exchanges")
      .getByRole("radio", { name: /^violation/ })
      .check();
    return differs(await page.locator(".exchange:visible").count(), 2);
  });
}

async function useTheKeyboard(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await step("the first Tab shows the link that skips to the findings", async () => {
    await page.keyboard.press("Tab");
    const box = await page.locator(".skip:focus").boundingBox();
    await page.keyboard.press("Enter");
    const focused = await page.locator("main:focus").count();
    return differs([(box?.height ?? 0) > 10, focused], [true, 1]);
  });
  await step("the arrows move through the filter", async () => {
    await page.getByRole("radio", { name: /^all/ }).first().focus();
    await page.keyboard.press("ArrowRight");
    return differs(await page.locator(".tree .member:visible").count(), 4);
  });
  await step("Enter opens an exchange, whose response is there to read", async () => {
    await page.locator("details.exchange summary").nth(4).focus();
    await page.keyboard.press("Enter");
    const text: string = await page.locator("#exchange-5 pre").last().textContent();
    return text.includes('"status": <string, 53 characters>') ? undefined : text;
  });
}

async function judgeByAxe(page: Page, url: string, axe: string, look: string): Promise<void> {
  await step(`axe finds nothing serious (${look})`, async () => {
    await page.goto(url);
    await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
    await page.evaluate(axe);
    const { violations } = await page.evaluate("axe.run()");
    const serious = (violations as { id: string; impact: string; nodes: { html: string }[] }[]).filter(
      ({ impact }) => impact === "serious" || impact === "critical",
    );
    return serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`).join("\n");
  });
  await step(`nothing is wider than the page (${look})`, async () =>
    differs(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), true),
  );
}

const LOOKS = {
  light: { colorScheme: "light", viewport: { width: 1280, height: 900 } },
  dark: { colorScheme: "dark", viewport: { width: 1280, height: 900 } },
  narrow: { colorScheme: "light", viewport: { width: 360, height: 800 } },
};

async function testPage(): Promise<void> {
  const [browser, axe] = [await launchChromium(), axeSource()];
  const requests: string[] = [];
  const [run, server] = [await makeReport(), await servePage(requests)];
  const problems: string[] = [];
  const open = async (look: object): Promise<Page> => {
    const page = await (await browser.newContext(look)).newPage();
    page.on("console", (message: { type(): string; text(): string }) => {
      if (["error", "warning"].includes(message.type())) problems.push(message.text());
    });
    page.on("pageerror", (error: Error) => problems.push(error.message));
    page.on("dialog", (dialog: { message(): string }) => problems.push(`dialog: ${dialog.message()}`));
    return page;
  };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/contract.html`;
  const file = `file://${join(folder, "contract.html")}`;
  try {
    await useTheMouse(await open(LOOKS.light), url, run);
    await useTheKeyboard(await open(LOOKS.light), url);
    const colours: string[] = [];
    for (const [look, options] of Object.entries(LOOKS)) {
      const page = await open(options);
      await judgeByAxe(page, file, axe, look);
      colours.push(await page.evaluate("getComputedStyle(document.body).backgroundColor"));
    }
    await step("light and dark differ", async () => differs(colours[0] !== colours[1], true));
    await step("the console has no error, and no text of the service ran", async () => problems.join("\n"));
    await step("the page asks for nothing else", async () => differs([...new Set(requests)], ["/contract.html"]));
  } finally {
    await browser.close();
    server.close();
  }
}

try {
  await testPage();
  finish();
} catch (error) {
  if (!(error instanceof MissingPackage)) throw error;
  console.log(`Not run: ${error.message}. contract.html was not tested in a browser.`);
} finally {
  rmSync(folder, { recursive: true });
}
