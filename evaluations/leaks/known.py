"""Families and makers that models name as their own, whoever plays here.

A model often takes itself for a famous one, so these count beside the registry.
Sources: the makers' own model cards and product pages. Lower case, one space
between words; a digit or a size that follows a family is found without a row.
"""

# Nobody but a model is called so: "I am X" is enough.
FAMILIES = """
chatgpt|gpt|instructgpt|chat gpt|gpt neox|gpt j|gpt oss|lamda|mixtral|ministral
codestral|magistral|pixtral|devstral|qwen|qwen vl|qwq|qvq|tongyi qianwen|deepseek
deepseek coder|grok|command r|command r+|command a|glm|chatglm|codegeex|ernie bot
doubao|hunyuan|internlm|baichuan|nemotron|olmo|wizardlm|wizardcoder|wizardmath
starcoder|starchat|stablelm|stable beluga|redpajama|fastchat|openassistant|oasst
bloomz|codellama|code llama|codegen|dbrx|smollm|eurollm|exaone|hyperclova|clova x
gigachat|yandexgpt|nous hermes|openhermes|openchat|google gemini|google bard
microsoft copilot|github copilot|bing chat|bing ai|meta ai|tinyllama|codegemma
recurrentgemma|medgemma|shieldgemma|palm 2|mythomax|mythalion|airoboros
chronos hermes|minicpm|kimi k2|longcat|mimo vl|ernie 4.5|apertus|teuken|lfm2|phi 3
phi 4|jais|falcon h1|sabia 3|sarvam m|plamo|elyza|polyglot ko|seallm|sea lion
amazon nova|amazon titan|通义千问|千问|文心一言
豆包|智谱清言|混元|讯飞星火|书生|百川大模型|챗gpt|클로바x|하이퍼클로바
гигачат|чатgpt|чат gpt|яндексgpt|شات جي بي تي|تشات جي بي تي|चैटजीपीटी|チャットgpt
"""

# Given names, animals, things: ordinary words until more speaks for a machine.
WORDLIKE = """
claude|gemini|gemma|bard|palm|llama|alpaca|vicuna|koala|guanaco|falcon|platypus
dolphin|orca|camel|mistral|phi|yi|pi|kimi|ernie|jamba|jurassic|nova|titan|granite
hermes|zephyr|solar|arctic|bloom|dolly|pythia|luminous|sonar|aya|command|copilot
bing|sydney|reka|tulu|mpt|lucie|minerva|velvet|alice|step|spark|le chat
open assistant|clova|weaver|chronos|samba|nous|o1|o3|o4|t5|minimax|salamandra|aurora
viking|poro|clova|opt|bert|bart|athene|starling|tiger|eliza|parrot|leo
eagle|клод|клауд|джемини|алиса|克劳德|クロード|ジェミニ|클로드|제미나이|كلود|جيميني|क्लॉड|जेमिनी
जेमिनाई
"""

# Houses that make models. In "I was trained by X" any of them counts.
MAKERS = """
openai|open ai|anthropic|google|google ai|google deepmind|deepmind|google research
alphabet|meta|meta ai|meta platforms|facebook|facebook ai|mistral|mistral ai
mistralai|alibaba|alibaba cloud|alibaba group|aliyun|qwen team|tongyi lab|deepseek
deepseek ai|microsoft|microsoft research|xai|x.ai|cohere|cohere for ai|01.ai|01 ai
zhipu|zhipu ai|z.ai|moonshot ai|moonshot|baidu|bytedance|tencent|minimax|ai21
ai21 labs|amazon|aws|amazon web services|nvidia|ibm|ibm research|databricks|mosaicml
mosaic ml|hugging face|huggingface|stability ai|salesforce|lmsys|lm sys
technology innovation institute|tii|allen institute for ai|ai2|allenai|eleutherai
nous research|upstage|lg ai research|naver|yandex|sber|sberbank|sberdevices
inflection ai|inflection|perplexity|perplexity ai|aleph alpha|reka ai|snowflake
bigscience|bigcode|laion|shanghai ai laboratory|shanghai ai lab|huawei|apple|samsung
sensetime|iflytek|kakao|sarvam ai|krutrim|sdaia|stepfun|xiaomi|swiss ai
tsinghua university|stanford|stanford university|uc berkeley|together ai|liquid ai
阿里云|阿里巴巴|阿里|谷歌|百度|腾讯|字节跳动|深度求索|智谱|智谱ai|月之暗面|微软|科大讯飞|华为|零一万物|百川智能|グーグル|マイクロソフト
アンソロピック|オープンai|구글|오픈ai|네이버|앤트로픽|앤스로픽|마이크로소프트|카카오|메타|гугл|яндекс|яндексом|сбер|сбером
сбербанк|сбербанком|جوجل|غوغل|مايكروسوفت|ميتا|أوبن إيه آي|गूगल|ओपनएआई|एंथ्रोपिक
माइक्रोसॉफ्ट|मेटा
"""


def rows(table: str) -> list[str]:
    return [row.strip() for row in table.replace("\n", "|").split("|") if row.strip()]
