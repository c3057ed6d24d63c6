// One wrapper around every request: the session's token, problems as errors, and what to do when it is over.
import createClient, { type Middleware } from "openapi-fetch";
import type { components, paths } from "./schema";

export type Shapes = components["schemas"];
export type Problem = Shapes["Problem"];
export type Text = Shapes["Text"];

/** A request that was not done, and why. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code);
  }
}

let csrf = "";
const listeners = new Set<() => void>();
const doubting = new Set<() => void>();

export function carry(token: string) {
  csrf = token;
}

export function token(): string {
  return csrf;
}

/** Told when the server no longer knows who this is. */
export function onSignedOut(listener: () => void) {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** Told when the session that the page has does not seem to be the browser's any more. */
export function onDoubt(listener: () => void) {
  doubting.add(listener);
  return () => {
    doubting.delete(listener);
  };
}

/** Hears of every refusal, however it was asked. A wrong password or code says nothing about who sits there. */
export function heard(status: number, code: string | undefined) {
  const told =
    status === 401 && code !== "session.refused" ? listeners : code === "session.csrf" ? doubting : [];
  for (const listener of told) {
    listener();
  }
}

async function codeOf(response: Response): Promise<string | undefined> {
  const told: { code?: string } | null = await response
    .clone()
    .json()
    .catch(() => null);
  return told?.code;
}

const guard: Middleware = {
  onRequest({ request }) {
    if (!["GET", "HEAD"].includes(request.method)) {
      request.headers.set("x-csrf-token", csrf);
    }
    return request;
  },
  async onResponse({ response }) {
    if (response.status === 401 || response.status === 403) {
      heard(response.status, await codeOf(response));
    }
    return undefined;
  },
};

export const api = createClient<paths>({ baseUrl: window.location.origin });
api.use(guard);

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** What came, or the problem as an error. */
export async function got<T>(answer: Promise<Answer<T>>): Promise<T> {
  let came: Answer<T>;
  try {
    came = await answer;
  } catch {
    throw new Refused(notRead("web.unreachable"));
  }
  if (!came.response.ok) {
    throw new Refused(problemOf(came.error, came.response));
  }
  return came.data as T;
}

function problemOf(error: unknown, response: Response): Problem {
  if (error !== null && typeof error === "object" && "code" in error) {
    return error as Problem;
  }
  return notRead("web.answer", response.status);
}

/** What a page itself says of an answer that did not come, or that it cannot read. */
export function notRead(code: "web.unreachable" | "web.answer" | "web.behind", status = 0): Problem {
  return { code, detail: "", request_id: "", status, title: "", type: "" };
}
