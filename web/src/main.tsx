import "./trusted";
import "./nonce";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import "./app/base.css";

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(<App />);
}
