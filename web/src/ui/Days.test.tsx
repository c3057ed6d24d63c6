// @vitest-environment jsdom
// The enter key in a field of a day (docs: the places where one hesitates).
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { Moment } from "./Days";

// what a page has and a test has not
globalThis.ResizeObserver = class {
  observe() {}
  unobserve() {}
  disconnect() {}
};

afterEach(cleanup);

const field = () => screen.getByRole("textbox");

/** Whether the browser goes on with the key, which in a field of a form sends it. */
const sends = () => fireEvent.keyDown(field(), { key: "Enter", code: "Enter", keyCode: 13, charCode: 13 });

it("the enter key takes a moment over, and only the next one sends the form", () => {
  const chosen: string[] = [];
  render(<Moment aria-label="when" onChange={(at) => chosen.push(at?.format("YYYY-MM-DD HH:mm") ?? "")} />);
  fireEvent.mouseDown(field());
  fireEvent.focus(field());
  fireEvent.click(field());
  fireEvent.change(field(), { target: { value: "2027-07-01 17:00" } });
  expect(sends()).toBe(false);
  expect(chosen).toEqual(["2027-07-01 17:00"]);
  expect(sends()).toBe(true);
});

it("what is not a moment yet is not sent either", () => {
  render(<Moment aria-label="when" />);
  fireEvent.mouseDown(field());
  fireEvent.focus(field());
  fireEvent.click(field());
  fireEvent.change(field(), { target: { value: "2027-07" } });
  expect(sends()).toBe(false);
});
