import "./trusted";
import "./nonce";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { learnToSpeak } from "./app/language";
import "./app/base.css";

const root = document.getElementById("root");
if (root) {
  void learnToSpeak().then(() => createRoot(root).render(<App />));
}
