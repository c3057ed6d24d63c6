// The picture of a tile. WHY SVG and plain texts: the page's policy lets nothing write styles of its own.
import { theme } from "antd";
import { BarChart, LineChart, PieChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { type ECharts, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import type { Shown } from "./tile";

use([BarChart, LineChart, PieChart, GridComponent, TooltipComponent, SVGRenderer]);

const HEIGHT = 170;

type Props = { kind: string; name: string; parts: Shown[] };

export function Chart({ kind, name, parts }: Props) {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  const go = useNavigate();
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts>(undefined);
  const latest = useRef(parts);
  latest.current = parts;
  useEffect(() => {
    if (!place.current) {
      return undefined;
    }
    const drawn = init(place.current, undefined, { renderer: "svg" });
    chart.current = drawn;
    drawn.on("click", (event) => {
      const part = latest.current[event.dataIndex];
      if (part) {
        go(part.to);
      }
    });
    const fits = new ResizeObserver(() => drawn.resize());
    fits.observe(place.current);
    return () => {
      fits.disconnect();
      drawn.dispose();
    };
  }, [go]);
  useEffect(() => {
    chart.current?.setOption(optionOf(kind, parts, token), true);
  }, [kind, parts, token]);
  const words = parts.map((part) => `${part.name} ${part.count}`).join(t("list.and"));
  return (
    <div ref={place} role="img" aria-label={`${name}${t("list.colon")}${words}`} style={{ height: HEIGHT }} />
  );
}

type Token = ReturnType<typeof theme.useToken>["token"];

function optionOf(kind: string, parts: Shown[], token: Token) {
  const ink = { color: token.colorTextDescription, fontFamily: token.fontFamily, fontSize: 12 };
  const tooltip = {
    renderMode: "richText" as const,
    backgroundColor: token.colorBgElevated,
    borderColor: token.colorBorder,
    textStyle: { color: token.colorText, fontSize: 12 },
    confine: true,
  };
  const data = parts.map((part) => ({
    name: part.name,
    value: part.count,
    itemStyle: { color: part.ink },
  }));
  const animation = false;
  if (kind === "donut") {
    return {
      animation,
      tooltip,
      series: [
        {
          type: "pie",
          radius: ["48%", "72%"],
          data,
          // what each part is stands below with its count, and opens its list
          label: { show: false },
          itemStyle: { borderColor: token.colorBgContainer, borderWidth: 2 },
        },
      ],
    };
  }
  const names = {
    type: "category" as const,
    data: parts.map((part) => part.name),
    axisTick: { show: false },
  };
  const counts = {
    type: "value" as const,
    minInterval: 1,
    axisLabel: ink,
    splitLine: { lineStyle: { color: token.colorBorderSecondary } },
  };
  const grid = { left: 8, right: 12, top: 12, bottom: 4, containLabel: true };
  if (kind === "line") {
    return {
      animation,
      tooltip: { ...tooltip, trigger: "axis" as const },
      grid,
      xAxis: { ...names, axisLabel: { ...ink, hideOverlap: true } },
      yAxis: counts,
      series: [
        {
          type: "line",
          data,
          symbolSize: 8,
          lineStyle: { color: token.colorPrimary, width: 2 },
          triggerLineEvent: false,
        },
      ],
    };
  }
  // bars lie, so that their words can be read
  return {
    animation,
    tooltip,
    grid,
    yAxis: { ...names, inverse: true, axisLabel: { ...ink, width: 96, overflow: "truncate" as const } },
    xAxis: counts,
    series: [
      { type: "bar", data, barMaxWidth: 18, label: { show: true, position: "right" as const, ...ink } },
    ],
  };
}
