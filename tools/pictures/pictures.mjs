// The pictures of the README, taken from the running demo company: make build, then
//
//     node tools/pictures/pictures.mjs [NAME…]
//
// Each is written to docs/pictures/NAME.png. The company ends today, as that of `make run` does.
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { Server, newFolder, root } from "../../test/help/server.mjs";

const { chromium } = createRequire(path.join(root, "test/package.json"))("playwright-core");
const folder = path.join(root, "docs/pictures");

const wide = { width: 1360, height: 860 };
const phone = { width: 390, height: 844 };
const pictures = [
  { name: "journey-vi", address: "/", view: wide },
  { name: "journey-en", address: "/", view: wide, language: "en" },
  { name: "journey-dark", address: "/", view: wide, theme: "dark" },
  { name: "planned-vi", address: "/?view=actual", view: { width: 1360, height: 1010 } },
  { name: "planned-en", address: "/?view=actual", view: { width: 1360, height: 1010 }, language: "en" },
  { name: "touchpoint-vi", touchpoint: "giao-hang", view: wide },
  { name: "touchpoint-en", touchpoint: "giao-hang", view: wide, language: "en" },
  { name: "overview-vi", address: "/overview", view: wide },
  { name: "person-vi", person: true, view: wide },
  { name: "import-vi", address: "/imports", view: wide },
  { name: "phone-vi", address: "/", view: phone },
];

async function addressOf(picture, owner) {
  if (picture.touchpoint) {
    const { body } = await owner.get("/api/v1/journeys");
    return `/journeys/${body.items[0].id}/touchpoints/${picture.touchpoint}`;
  }
  if (picture.person) {
    const { body } = await owner.get("/api/v1/people?q=KH00042&limit=1");
    return `/people/${body.items[0].id}`;
  }
  return picture.address;
}

async function take(browser, server, owner, picture) {
  const { language = "vi", theme = "light", view } = picture;
  const context = await browser.newContext({
    viewport: view,
    deviceScaleFactor: 1,
    colorScheme: theme,
    locale: language === "vi" ? "vi-VN" : "en-GB",
    reducedMotion: "reduce",
    timezoneId: "Asia/Ho_Chi_Minh",
  });
  const [name, ...value] = owner.headers.cookie.split("=");
  await context.addCookies([{ name, value: value.join("="), url: server.url }]);
  await context.addInitScript((chosen) => localStorage.setItem("cham.language", chosen), language);
  const page = await context.newPage();
  await page.goto(server.url + (await addressOf(picture, owner)), { waitUntil: "networkidle" }).catch(() => {});
  await page.waitForTimeout(1200);
  await page.screenshot({ path: path.join(folder, `${picture.name}.png`) });
  await context.close();
}

const wanted = process.argv.slice(2);
const data = path.join(newFolder(), "data");
const server = new Server({ data, command: path.join(root, "build/cham") });
execFileSync(server.command, ["demo", "--data", data], { stdio: "inherit" });
mkdirSync(folder, { recursive: true });
await server.start();
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
try {
  const owner = await server.owner();
  for (const picture of pictures.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    await take(browser, server, owner, picture);
    console.log(`docs/pictures/${picture.name}.png`);
  }
} finally {
  await browser.close();
  await server.stop();
}
