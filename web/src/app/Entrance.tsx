// What stands before the house: its seal, the language, and what one has to say to come in.
import { Flex } from "antd";
import type { ReactNode } from "react";
import { Sheet } from "../ui/Sheet";
import { Emblem } from "./Emblem";
import { LanguageButton } from "./LanguageButton";

export function Entrance({ children }: { children: ReactNode }) {
  return (
    <Flex
      vertical
      align="center"
      justify="center"
      style={{ minHeight: "100vh", padding: 16 }}
      component="main"
    >
      <div style={{ width: "100%", maxWidth: 400 }}>
        <Sheet wide>
          <Flex justify="space-between" align="start">
            <Emblem size={44} />
            <LanguageButton />
          </Flex>
          {children}
        </Sheet>
      </div>
    </Flex>
  );
}
