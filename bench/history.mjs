// The made history, and the moments in it. The calendar is that of Việt Nam, which has had no summer time since 1975.
import { execFileSync } from "node:child_process";
import path from "node:path";
import { program, programPath } from "./common.mjs";

export const DAY = 86400000;
export const WEEK = 7 * DAY;
export const ZONE = 7 * 3600000;
export const SPAN_DAYS = 730;
export const UNTIL = Date.parse("2026-11-01T00:00:00+07:00");
export const MONDAY = Date.parse("1970-01-05T00:00:00+07:00"); // weeks are counted from this one

export const names = () => program("bench_generate", "names");

// Writes a history of `events` up to a moment.
export function makeHistory(folder, name, events, persons, until = UNTIL) {
  const file = path.join(folder, `${name}.bin`);
  execFileSync(programPath("bench_generate"), ["make", file, events, persons, until].map(String));
  return { file, events, persons, until, from: until - SPAN_DAYS * DAY };
}

export const isoDay = (at_ms) => new Date(at_ms + ZONE).toISOString().slice(0, 10);
export const weekOf = (day) => Math.floor((Date.parse(`${day}T00:00:00+07:00`) - MONDAY) / WEEK);
export const monthOf = (day) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
