//! What iOS puts in the place of media, behind its mark, in small letters and without the full stop, for all languages of WhatsApp.

use std::collections::HashSet;
use std::sync::LazyLock;

/// The same in words that people write too: "no picture".
pub(super) const SAID_TOO: &[&str] = &["ei kuvaa", "fără audio", "ไม่มีรูปภาพ", "ไม่มีไฟล์เสียง", "ไม่มีสติกเกอร์"];

pub(super) static OMITTED: LazyLock<HashSet<&str>> = LazyLock::new(|| WORDS.split('|').collect());

const WORDS: &str = "\
    image omitted|video omitted|audio omitted|gif omitted|sticker omitted|document omitted|contact card omitted|video note omitted|\
    bild weggelassen|video weggelassen|audio weggelassen|gif weggelassen|sticker weggelassen|dokument weggelassen|\
    kontaktkarte ausgelassen|videonotiz weggelassen|imagen omitida|video omitido|vídeo omitido|audio omitido|gif omitido|\
    sticker omitido|documento omitido|tarjeta de contacto omitida|imagem ocultada|imagem omitida|áudio ocultado|áudio omitido|\
    vídeo ocultado|figurinha omitida|gif ocultado|documento ocultado|cartão de contacto omitido|image absente|vidéo absente|\
    audio omis|gif retiré|sticker omis|document manquant|fiche contact manquante|immagine omessa|video omesso|audio omesso|\
    gif esclusa|sticker omesso|sticker non incluso|documento omesso|scheda contatto omessa|afbeelding weggelaten|video weggelaten|\
    audio weggelaten|gif weggelaten|sticker weggelaten|document weggelaten|contactkaart weggelaten|kuva jätettiin pois|\
    video jätettiin pois|ääni jätettiin pois|gif jätettiin pois|tarra jätettiin pois|asiakirja jätettiin pois|bild utelämnad|\
    video utelämnad|ljud utelämnat|gif utelämnad|klistermärke utelämnat|dokument utelämnat|billede udeladt|video udeladt|lyd udeladt|\
    bilde utelatt|lyd utelatt|video utelatt|obraz pominięty|pominięto obraz|wideo pominięte|pominięto wideo|dźwięk pominięty|\
    pominięto naklejkę|görüntü dahil edilmedi|video dahil edilmedi|ses dahil edilmedi|çıkartma dahil edilmedi|изображение отсутствует|\
    видео отсутствует|аудиофайл отсутствует|стикер отсутствует|документ отсутствует|зображення пропущено|відео пропущено|画像は含まれていません|\
    ビデオは含まれていません|音声は含まれていません|画像 省略|이미지 생략됨|동영상 생략됨|오디오 생략됨|图像已省略|图片已省略|视频已省略|音频已省略|圖片已略去|影片已略去|音訊已略去|gambar tidak disertakan|\
    video tidak disertakan|obraz pominięto|wideo pominięto|dźwięk pominięto|naklejkę pominięto|dokument pominięto|gif pominięto|\
    bilde er utelatt|obrázek vynechán|video vynecháno|zvuk vynechán|dokument vynechán|nálepka vynechána|gif vynechán|kép kihagyva|\
    videó kihagyva|hang kihagyva|matrica kihagyva|dokumentum kihagyva|gif kihagyva|imagine omisă|videoclip omis|fișier audio omis|\
    document omis|gambar dihilangkan|video dihilangkan|הושמטה תמונה|הושמט סרטון|התמונה הושמטה|הסרטון הושמט|הושמט שמע|הושמט סטיקר|\
    الصورة غير مدرجة|الفيديو غير مدرج|الملف الصوتي غير مدرج|الملصق غير مدرج|hình ảnh bị bỏ qua|video bị bỏ qua|âm thanh bị bỏ qua|\
    nhãn dán bị bỏ qua|ละเว้นรูปภาพ|ละเว้นวิดีโอ|图像已忽略|图片已忽略|视频已忽略|音频已忽略|贴图已忽略|圖片已忽略|影片已忽略|音訊已忽略|貼圖已忽略|貼圖已略去|文件已略去|gif 已略去|\
    ステッカーは含まれていません|文書は含まれていません|gifは含まれていません|스티커 생략됨|문서 생략됨|gif 생략됨|चित्र छोड़ा गया|इमेज छोड़ी गई|वीडियो छोड़ा गया|gif отсутствует|\
    стикер не добавлен|зображення відсутнє|gif-анімацію пропущено|наклейку не додано|imagem não revelada|gif não revelada|\
    sticker não revelado|لم يتم إدراج الصورة|لم يتم إدراج صورة gif|تم حذف الملصقات|εικόνα παραλείφθηκε|ইমেজ বাদ দেওয়া হয়েছে|圖像已省略|\
    照片已忽略|đã bỏ qua hình ảnh|تصویر نکال دی گئی ہے|bild utesluten|obrázok vynechaný|bilde ikke inkludert|\
    imej tidak dimasukkan|इमेज वगळली|kép küldése sikertelen|slika izostavljena|फ़ोटो हटाई गई|છબી પડતી મૂકાઈ|íomhá ligthe ar lár|\
    تصویر حذف شد|imatge omesa|סרטון הווידאו הושמט|vídeo não revelado|βίντεο παραλείφθηκε|відео відсутнє|\
    لم يتم إدراج الفيديوهات|ভিডিও বাদ দেওয়া হয়েছে|影片已省略|đã bỏ video|ویڈیو نظرانداز|วิดีโอถูกลบ|video utesluten|video vynechané|\
    clip video omis|video tidak dimasukkan|व्हिडीओ वगळला|비디오 생략됨|video izostavljen|વિડિયો પડતી મુકાઈ|físeán ligthe ar lár|\
    videota ei sisällytetä|ویدیو حذف شد|vídeo omès|קטע קול הושמט|ficheiro de áudio não revelado|ήχος παραλείφθηκε|аудіо відсутнє|\
    لم يتم إدراج المقاطع الصوتية|অডিও বাদ দেওয়া হয়েছে|音訊已省略|bỏ qua tệp âm thanh|آڈیو نظرانداز|ljud utelslutet|\
    zvuk vynechaný|audio pominięte|audio tidak dimasukkan|ऑडिओ वगळला|hang kihagyása|audio tidak disertakan|\
    zvuk izostavljen|ऑडियो हटाई गयी|ઓડિયો ફાઇલ શામેલ કરી નથી|comhad fuaime ar lár|äänitiedostoa ei sisällytetä|صدا حذف شد|\
    zvukový soubor vynechán|àudio omès|סטיקר הושמט|αυτοκόλλητο παραλήφθηκε|স্টিকার বাদ দেওয়া হয়েছে|贴图已省略|đã bỏ sticker|\
    اسٹیکر نظرانداز|sticker utesluten|nálepka vynechaná|klistremerke utelatt|pelekat tidak disertakan|स्टिकर वगळले|\
    스티커 제외됨|スタンプは含まれていません|stiker tidak disertakan|naljepnica izostavljena|स्टिकर छोड़ा गया|સ્ટીકર પડતું મુકાયું|\
    fágadh an greamán ar lár|tarraa ei sisällytetty|استیکر حذف شد|klistermærke udeladt|adhesiu omès|gif הושמט|παράληψη gif|\
    জিআইএফ বাদ দেওয়া হয়েছে|gif 圖片已被省略|gif 动态图已被忽略|đã bỏ qua ảnh gif|gif نظرانداز|gif dahil edilmedi|ละเว้น gif|gif utesluten|\
    gif vynechaný|plik gif pominięty|gif omis|gif utelatt|gif tidak dimasukkan|gif वगळले|gif fájl kihagyása|gif tidak disertakan|\
    gif izostavljen|gif छोड़ा गया|gif પડતી મૂકાઈ|gif ligthe ar lár|gif-animaatio jätetty pois|gif حذف شد|gif udeladt|gif omès|\
    כרטיס איש קשר הושמט|карточка контакта отсутствует|contacto não revelado|η κάρτα επαφής παραλήφθηκε|картка контакту відсутня|\
    لم يتم إدراج بطاقة جهة اتصال|পরিচিতির কার্ড বাদ দেওয়া হয়েছে|聯絡人卡片已略去|聯絡人卡片已省略|联系人卡片已忽略|bỏ qua thẻ liên lạc|رابطہ کارڈ نظر انداز|\
    kişi kartı dahil edilmedi|บัตรรายชื่อที่ละเว้น|kontaktkort uteslutet|karta kontaktu vynechaná|pominięta wizytówka kontaktu|\
    carte de vizită contact omisă|cartão do contato omitido|visitekaartje weggelaten|kontaktkort sløyfet|kad kenalan tidak dimasukkan|\
    संपर्क कार्ड वगळले|연락처 카드 생략됨|連絡先カードを省略|névjegykártya kihagyva|kartu kontak tidak disertakan|posjetnica izostavljena|\
    कॉन्टैक्ट कार्ड छोड़ा गया|સંપર્કનું કાર્ડ પડતું મૂકાયું|cárta teagmhála ar lár|yhteystietokortti jätettiin pois|برگ مخاطب حذف شد|\
    kontaktkort udeladt|vizitka vynechána|targeta de contacte omesa|מסמך הושמט|documento não revelado|έγγραφο παραλείφθηκε|\
    документ пропущено|لم يتم إدراج المستند|ডকুমেন্ট বাদ দেওয়া হয়েছে|文件已忽略|文档已省略|đã bỏ qua tài liệu|دستاویز نظرانداز|\
    belge dahil edilmedi|ละเว้นเอกสาร|dokument uteslutet|dokument vynechaný|dokument pominięty|utelatt dokument|\
    dokumen tidak dimasukkan|डॉक्युमेंट वगळले|ドキュメントは含まれていません|dokumen tidak disertakan|dokument izostavljen|डॉक्यूमेंट छोड़ा गया|\
    ડોક્યુમેન્ટ સામેલ કર્યું નહિ|cáipéis ligthe ar lár|dokumenttia ei sisällytetä|سند حذف شد|dokument udeladt|document omès";
