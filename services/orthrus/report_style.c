/*
 * report_style - how the page looks: on a screen by day and by night, on a phone, and on paper.
 *
 * Colours are named once for light and once for dark; paper is always light. Severities differ by shape and
 * word as well.
 */
#include "services/orthrus/report_page.h"

static const char *const rules[] = {
    /* Ground and type. */
    ":root{color-scheme:light;--ground:#f5f6f4;--paper:#fff;--ink:#1b1f23;--soft:#59626b;"
    "--line:#dcdfdd;--fill:#f2f4f2;--link:#0a569e;--s5:#8c1236;--s4:#b5330f;--s3:#855800;"
    "--s2:#1c6785;--s1:#59626b;--s0:#59626b;--face:system-ui,-apple-system,\"Segoe UI\",Roboto,"
    "\"Helvetica Neue\",\"Noto Sans\",\"DejaVu Sans\",Arial,sans-serif;--mono:ui-monospace,"
    "SFMono-Regular,Menlo,Consolas,\"DejaVu Sans Mono\",monospace}",
    "@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;--ground:#0f1113;"
    "--paper:#171a1d;--ink:#e4e7e9;--soft:#9ba5ae;--line:#2d3237;--fill:#1f2327;--link:#86bbf0;"
    "--s5:#ff8ba7;--s4:#ff8e66;--s3:#e3b14c;--s2:#7cc4e2;--s1:#9ba5ae;--s0:#9ba5ae}}",
    "*{box-sizing:border-box}",
    "html{-webkit-text-size-adjust:100%;text-size-adjust:100%}",
    "body{margin:0 auto;padding:0 1.5rem 4rem;max-width:76rem;background:var(--ground);"
    "color:var(--ink);font:1rem/1.55 var(--face);font-variant-numeric:tabular-nums;"
    "overflow-wrap:break-word}",
    "h1,h2,h3,h4,p,ul,ol,dl,dd{margin:0;padding:0}",
    "h1{font-size:clamp(1.5rem,1.1rem + 1.8vw,2.25rem);line-height:1.2;font-weight:650;"
    "letter-spacing:-.015em;max-width:32em;text-wrap:balance;overflow-wrap:anywhere}",
    "h2{font-size:1.3rem;line-height:1.3;font-weight:650;letter-spacing:-.01em;"
    "margin:3.5rem 0 .35rem}",
    "h3{font-size:1.25rem;line-height:1.3;font-weight:650;letter-spacing:-.01em;"
    "overflow-wrap:anywhere;text-wrap:pretty}",
    "h4,dt,thead th{font-size:.8125rem;line-height:1.4;font-weight:600;color:var(--soft)}",
    "a{color:var(--link);text-decoration-thickness:1px;text-underline-offset:.15em}",
    "h1 a{color:inherit;text-decoration:none}",
    "h1 a:hover{text-decoration:underline}",
    ":focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:2px}",
    "code,.file,.address{font-family:var(--mono);font-size:.875em}",
    "time,.strip .label span{white-space:nowrap}",
    ".soft,.note{color:var(--soft)}",
    ".note{font-size:.9375rem;max-width:72ch;margin-bottom:1rem}",
    ".scroll+.note{margin-top:.7rem}",
    ".skip{position:absolute;left:-100vw}",
    ".skip:focus{left:1rem;top:1rem;z-index:3;background:var(--paper);padding:.5rem 1rem}",
    ".marks{position:absolute}",

    /* Severity: a colour on top of a shape and a word. */
    ".s5{color:var(--s5)}",
    ".s4{color:var(--s4)}",
    ".s3{color:var(--s3)}",
    ".s2{color:var(--s2)}",
    ".s1{color:var(--s1)}",
    ".s0{color:var(--s0)}",
    ".mark{width:.9em;height:.9em;flex:none;fill:currentColor;vertical-align:-.05em;"
    "margin-right:.45em}",
    "symbol{fill:currentColor;overflow:visible}",
    ".ring{fill:var(--paper);stroke:currentColor;stroke-width:2.4;paint-order:normal}",
    ".cut{fill:var(--paper);stroke:none}",
    ".tag{font-weight:650;display:inline-block}",
    ".tag::first-letter{text-transform:uppercase}",

    /* Head. */
    ".top{padding:2.25rem 0 1.25rem}",
    ".brand{font-weight:700;margin-bottom:1.75rem}",
    ".brand span{font-weight:400;color:var(--soft)}",
    ".lede{font-size:1.125rem;line-height:1.55;max-width:68ch;margin-top:.85rem;text-wrap:pretty}",
    ".chips{display:flex;flex-wrap:wrap;gap:.35rem 1.5rem;list-style:none;margin:1.5rem 0}",
    ".chip{display:flex;align-items:center}",
    ".chip b{margin-right:.3em}",
    ".chip.none{color:var(--soft)}",
    ".chip.none .mark{opacity:.5}",
    ".chip.none b{font-weight:400}",
    ".facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(14rem,1fr));gap:.9rem 2rem}",
    ".facts .wide{grid-column:1/-1}",
    ".facts dd{overflow-wrap:anywhere}",
    ".top .facts{border-top:1px solid var(--line);padding-top:1rem;"
    "grid-template-columns:repeat(auto-fit,minmax(16rem,auto));justify-content:start}",
    ".contents{position:sticky;top:0;z-index:2;background:var(--ground);border:solid var(--line);"
    "border-width:1px 0}",
    ".contents ul{display:flex;flex-wrap:wrap;gap:0 1.5rem;list-style:none}",
    ".contents a{display:block;padding:.55rem 0;color:inherit;text-decoration:none;"
    "font-size:.9375rem}",
    ".contents a:hover{text-decoration:underline}",
    ".contents span{color:var(--soft)}",
    "section,article{scroll-margin-top:3.25rem}",

    /* Timeline. */
    ".timeline,.alert,.scroll,.box{background:var(--paper);border:1px solid var(--line);"
    "border-radius:6px}",
    ".timeline{padding:.5rem 1.25rem .75rem}",
    ".rows{list-style:none}",
    ".rows li+li{border-top:1px solid var(--line)}",
    ".row{display:grid;grid-template-columns:minmax(0,5fr) minmax(0,7fr);gap:0 1.5rem;"
    "align-items:stretch;color:inherit;text-decoration:none}",
    "a.row:hover .what{text-decoration:underline}",
    "a.row .label{display:grid;grid-template-columns:1.5em minmax(0,1fr);align-items:baseline;"
    "padding:.45rem 0}",
    ".label{font-size:.9375rem;line-height:1.35}",
    ".axis .label,.strip .label{font-size:.8125rem;color:var(--soft)}",
    ".axis .label{text-align:right;align-self:end}",
    ".strip{border-top:1px solid var(--line);padding-top:.6rem;align-items:center}",
    ".track{display:block;overflow:visible}",
    "a.row .track{height:100%;min-height:1.75rem}",
    ".track text{fill:var(--soft);font-size:12px}",
    ".grid{stroke:var(--line);shape-rendering:crispEdges}",
    ".bar{fill:currentColor;opacity:.35}",
    ".tick{stroke:currentColor;stroke-width:1.5;opacity:.6}",
    ".halo{fill:currentColor;stroke:var(--paper);stroke-width:1.6;paint-order:stroke}",
    ".whole{fill:var(--line)}",
    ".window{fill:var(--link)}",

    /* One alert. */
    ".alert{padding:1.5rem 1.75rem 1.6rem;margin-top:1.25rem}",
    ".alert:target{outline:2px solid var(--link);outline-offset:2px}",
    ".kicker{display:flex;flex-wrap:wrap;align-items:center;gap:0 .9rem;font-size:.9375rem;"
    "color:var(--soft);margin-bottom:.3rem}",
    ".kicker .mark{margin-right:-.45rem;width:1.05em;height:1.05em}",
    ".kicker span+span{border-left:1px solid var(--line);padding-left:.9rem}",
    ".description{max-width:72ch;margin:.7rem 0 1.4rem;text-wrap:pretty}",
    ".parties{display:grid;grid-template-columns:minmax(0,1fr) 3rem minmax(0,1fr);"
    "background:var(--fill);border-radius:6px;margin-bottom:1.4rem}",
    ".party{padding:.9rem 1.1rem 1rem}",
    ".party h4{margin-bottom:.35rem}",
    ".party dt:not(.shown){position:absolute;width:1px;height:1px;overflow:hidden;"
    "clip-path:inset(50%)}",
    ".party .shown{margin-top:.6rem}",
    ".party .name{font-weight:650;overflow-wrap:anywhere;line-height:1.4;margin-top:.45rem}",
    ".party dt:first-child+.name{margin-top:0}",
    ".party .address{font-weight:400}",
    ".known{display:block;font-size:.8125rem;line-height:1.45;color:var(--soft)}",
    ".known b{font-weight:600}",
    ".names ul{display:flex;flex-wrap:wrap;gap:0 .35rem;list-style:none;font-size:.9375rem}",
    ".names li{overflow-wrap:anywhere}",
    ".names li:not(:last-child)::after{content:\",\"}",
    ".arrow{align-self:center;position:relative;height:1rem}",
    ".arrow::before{content:\"\";position:absolute;left:.2rem;right:.3rem;top:50%;"
    "border-top:2px solid var(--soft)}",
    ".arrow::after{content:\"\";position:absolute;right:.3rem;top:calc(50% - .28rem);width:.6rem;"
    "height:.6rem;border:solid var(--soft);border-width:2px 2px 0 0;transform:rotate(45deg)}",
    ".inline{display:flex;flex-wrap:wrap;gap:.1rem 1.25rem;list-style:none}",
    ".alert .facts{font-size:.9375rem;margin-bottom:1.4rem}",
    ".checks{margin-bottom:1.4rem}",
    ".evidence{border-top:1px solid var(--line);padding-top:.9rem}",
    ".checks h4,summary{font-size:1rem;font-weight:650;color:var(--ink)}",
    ".checks ul{list-style:none;margin-top:.4rem;max-width:80ch}",
    ".checks li{position:relative;padding-left:1.7rem;margin-bottom:.3rem}",
    ".checks li::before{content:\"\";position:absolute;left:0;top:.3em;width:.95em;height:.95em;"
    "border:1.5px solid var(--soft);border-radius:2px}",
    ".tuning{font-size:.875rem;color:var(--soft);max-width:88ch;margin-top:1rem}",
    ".tuning b{font-weight:600}",
    "summary{cursor:pointer;padding:.2rem 0}",
    "summary .soft{font-weight:400;margin-left:.35rem}",
    ".filters{font-size:.8125rem;color:var(--soft);margin-top:.7rem}",
    ".filter{background:var(--fill);border-radius:3px;padding:.08em .4em;-webkit-user-select:all;"
    "user-select:all;overflow-wrap:anywhere}",
    ".place .filter{display:block;width:fit-content;margin-top:.15rem;color:var(--soft);"
    "font-size:.8125rem;white-space:nowrap}",
    ".field{display:block;font-size:.8125rem;color:var(--soft)}",
    ".value{font-weight:600}",

    /* Tables. */
    "table{width:100%;border-collapse:collapse;font-size:.875rem;line-height:1.45}",
    "th,td{padding:.5rem .75rem;text-align:left;vertical-align:top;overflow-wrap:break-word}",
    ".stack td{overflow-wrap:anywhere}",
    "th:first-child,td:first-child{padding-left:0}",
    ".scroll th:first-child,.scroll td:first-child{padding-left:1.25rem}",
    "thead th{border-bottom:1px solid var(--line);vertical-align:bottom;white-space:nowrap}",
    "tbody th{font-weight:500}",
    ".involved th{font-weight:700}",
    "tbody tr+tr>*{border-top:1px solid var(--line)}",
    ".n,thead .n{text-align:right;white-space:nowrap}",
    ".time,.severity,.address,.entities th,.coverage td{white-space:nowrap}",
    ".stack thead th{white-space:normal}",
    ".stack th:nth-child(2),.stack th:nth-child(4){width:25%}",
    ".stack th:nth-child(3){width:20%}",
    ".stack th:nth-child(5){width:14%}",
    ".stack .time{font-size:.8125rem;padding-top:.55rem}",
    ".zero{color:var(--soft)}",
    ".scroll{overflow-x:auto}",
    ".entities td,.index td{min-width:5rem}",
    ".tall{max-height:32rem;overflow-y:auto}",
    ".tall thead th{position:sticky;top:0;background:var(--paper)}",
    ".coverage thead .n{white-space:normal}",
    ".coverage th,.coverage td{padding-left:.5rem;padding-right:.5rem}",
    ".coverage tbody th{min-width:9rem;overflow-wrap:anywhere}",
    ".coverage .means{min-width:16rem;white-space:normal;color:var(--soft)}",
    ".entities td:nth-child(2){min-width:13rem}",
    ".counters{margin-top:.5rem}",
    ".counters tbody th{padding-top:1.1rem;font-weight:650}",
    ".box{padding:.8rem 1.25rem}",
    ".unseen{list-style:none;max-width:80ch;margin-top:.6rem}",
    ".unseen li{padding:.5rem 0;border-top:1px solid var(--line)}",
    ".unseen li:first-child{border-top:0}",
    ".bottom{margin-top:4rem;padding-top:1rem;border-top:1px solid var(--line);font-size:.875rem;"
    "color:var(--soft)}",

    /* Long pages: what is off the screen is not laid out. */
    "@media screen{",
    ".alert{content-visibility:auto;contain-intrinsic-size:auto 46rem}",
    "}",

    /* A phone. */
    "@media screen and (max-width:46rem){",
    "body{padding:0 1rem 3rem}",
    ".top{padding-top:1.25rem}",
    ".brand{margin-bottom:1.1rem}",
    ".lede{font-size:1.0625rem}",
    ".contents ul{flex-wrap:nowrap;overflow-x:auto;white-space:nowrap}",
    ".timeline{padding:.4rem 1rem .6rem}",
    ".row{grid-template-columns:minmax(0,1fr)}",
    ".axis .label{display:none}",
    "a.row .label{padding:.55rem 0 .1rem}",
    "a.row .track{height:1.75rem}",
    ".alert{padding:1.1rem 1rem 1.2rem}",
    ".parties{grid-template-columns:minmax(0,1fr)}",
    ".party{padding:.8rem .9rem}",
    ".arrow{height:1.2rem;width:2rem;transform:rotate(90deg);margin-left:.6rem}",
    ".facts{grid-template-columns:minmax(0,1fr)}",
    ".stack,.stack tbody,.stack tr,.stack td{display:block}",
    ".stack thead{position:absolute;clip-path:inset(50%);height:1px;overflow:hidden}",
    ".stack tr{padding:.7rem 0}",
    ".stack tbody tr+tr>*{border-top:0}",
    ".stack tbody tr+tr{border-top:1px solid var(--line)}",
    ".stack td,.stack td:first-child{padding:.1rem 0 .1rem 6.4rem;position:relative}",
    ".stack td:empty{display:none}",
    ".stack td::before{content:attr(data-label);position:absolute;left:0;color:var(--soft);"
    "font-size:.8125rem;font-weight:600}",
    ".stack .time{font-size:.875rem}",
    ".field{display:inline}",
    "}",

    /* Paper. */
    "@media print{",
    "@page{margin:16mm 14mm}",
    "html{font-size:9.5pt}",
    "body{max-width:none;padding:0;background:none;line-height:1.4}",
    ".contents,.skip{display:none}",
    ".top{padding-top:0}",
    "h2{margin-top:2rem;break-after:avoid}",
    "h3,.kicker,thead,summary,.note{break-after:avoid}",
    ".timeline,.alert,.scroll,.box{border-radius:0}",
    ".alert{break-inside:avoid;padding:1rem 0 1.2rem;border-width:1pt 0 0}",
    ".timeline,.scroll,.box{border:0;padding:0}",
    ".scroll{overflow:visible}",
    ".entities td,.coverage tbody th,.coverage .means,.entities td:nth-child(2){min-width:0}",
    "th,td,thead th,.coverage td{white-space:normal}",
    ".tall{max-height:none}",
    ".scroll th:first-child,.scroll td:first-child{padding-left:0}",
    "th,td{padding:.3rem .5rem}",
    "table{font-size:.8rem}",
    ".facts,.top .facts{grid-template-columns:repeat(auto-fit,minmax(10rem,auto));"
    "justify-content:start}",
    ".stack .time,.place .filter{font-size:.75rem}",
    ".place .filter{white-space:normal}",
    "tr,.row,.unseen li,.parties,.checks li{break-inside:avoid}",
    "thead{display:table-header-group}",
    ".parties{border:.5pt solid var(--line);background:none}",
    ".filter{background:none;padding:0}",
    "details::details-content{content-visibility:visible;block-size:auto}",
    "a{color:inherit;text-decoration:none}",
    "}",
};

void report_write_style(struct report *r)
{
    html(r, "<style>\n");
    for (size_t i = 0; i < ARRAY_COUNT(rules); i++) {
        html(r, rules[i]);
        html(r, "\n");
    }
    html(r, "</style>\n");
}
