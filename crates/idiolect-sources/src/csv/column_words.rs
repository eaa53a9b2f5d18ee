//! What columns are called, letters and digits only, in many languages; the words that say most first.

pub(super) const TIME: &str = "\
    timestamp datetime dateandtime timestampms datems unixtime epoch epochms sentat senton senttime datesent \
    sentdate createdat createdate createddate created createtime createdtime creationtime creationdate sentdatetime \
    datetimesent senddate sendtime messagedatetime messagetimestamp msgdate msgtime posted postedat publishedat \
    dateposted messagedate messagetime date datum zeitpunkt zeitstempel datumuhrzeit gesendetam sendedatum sendezeit \
    datumunduhrzeit erstelltam fechadeenvío fechaenvío enviadoel datedenvoi dateenvoi envoyéle datadiinvio inviatoil \
    datadeenvio enviadoem verzondenop verzenddatum datumentijd datumochtid datoogtid датаотправки датаивремяотправки \
    gönderimtarihi fecha fechayhora fechahora dateheure dateetheure horodatage dataora dataeora data datahora \
    dataehora datumtijd tijdstip tidspunkt tidpunkt dato datotid päivämäärä aikaleima päiväys datawysłania datumčas \
    dátum tarih tarihsaat дата датавремя датаивремя ημερομηνία 日時 送信日時 送信日 日期 日期时间 发送时间 날짜 일시 datumzeit \
    sendezeitpunkt versanddatum dateetheuredenvoi fechayhoradeenvío fechaenviado dataeoradiinvio dataehoradeenvio \
    verzonddatum datumtid skickatden skickad sendtden tidsstempel päivämääräjaaika lähetysaika pvm dataigodzina \
    dataiczas datagodzina znacznikczasu datumačas datumodeslání dátumačas dátumésidő dátumidő elküldve időbélyeg \
    datașiora dată tarihvesaat gönderilmetarihi zaman датаичас дататачас часнадсилання датавідправлення меткавремени \
    ημερομηνίακαιώρα ημερομηνίαώρα תאריך תאריךושעה التاريخ التاريخوالوقت تاريخ تاریخ दिनांक तारीख तारीखऔरसमय tanggal \
    tanggaldanwaktu tanggalwaktu waktukirim ngày ngàygiờ ngàygửi thờigian วันที่ วันที่และเวลา 日付 日付時刻 タイムスタンプ 送信時間 日期時間 \
    發送時間 傳送時間 时间戳 發送日期 发送日期 날짜시간 보낸시간 보낸날짜 전송시간 타임스탬프 dataihora datumivrijeme datuminura датум датумивреме \
    readabledate localtime utctime localdate localdatetime datelocal utcdatetime dateutc datetimeutc timestamputc \
    humantime strtime ts tarikh datums kuupäev dagsetning petsa 날짜및시간";

/// A column that is called "sent" tells when, or whether, by what other columns there are.
pub(super) const SENT: &str = "\
    sent gesendet enviado enviada envoyé envoye inviato verzonden skickat sendt lähetetty wysłano odesláno elküldve \
    gönderildi отправлено надіслано inviata enviadoem verstuurd skickad wysłana odeslaná odoslané elküldött trimis \
    gönderilen отправлен надіслане στάλθηκε נשלח أرسلت terkirim đãgửi wysłane 送信";

/// The time of day in a column beside the date's, or a time in whole.
pub(super) const DAY_TIME: &str = "\
    time timeofday uhrzeit zeit horadeenvío heuredenvoi времяотправки 送信時刻 hora heure ora orario tijd tid klokkeslæt \
    aika kello czas godzina čas idő saat время час ώρα 時刻 時間 时间 시간 zeitangabe klokka klockslag klokkeslett \
    tidspunktpådagen kellonaika godz hodina óra oră времясуток שעה الوقت وقت زمان ساعت समय waktu jam pukul giờ เวลา \
    vrijeme ura време hour clock laikas laiks kellaaeg tími oras masa";

pub(super) const TEXT: &str = "\
    text messagetext messagebody messagecontent message body content contents msg msgtext textmessage chatmessage \
    messagecontents smstext smsbody strcontent contentxml sms nachricht nachrichtentext inhalt mensaje texto cuerpo \
    contenido texte contenu corps messaggio testo contenuto mensagem conteúdo bericht tekst inhoud meddelande \
    meddelelse besked melding viesti teksti sisältö wiadomość treść zpráva üzenet szöveg mesaj metin сообщение текст \
    повідомлення μήνυμα κείμενο הודעה رسالة 本文 メッセージ 内容 消息 메시지 내용 textnachricht nachrichteninhalt mensajedetexto \
    textodelmensaje contenidodelmensaje cuerpodelmensaje textedumessage contenudumessage corpsdumessage \
    testodelmessaggio testomessaggio corpo textodamensagem conteúdodamensagem corpodamensagem berichttekst \
    inhoudbericht meddelandetext innehåll indhold innhold beskedtekst meldingstekst viestinteksti treśćwiadomości \
    tekstwiadomości textzprávy obsah správa textsprávy üzenetszövege tartalom mesajul conținut mesajmetni i̇çerik \
    текстсообщения содержание текстповідомлення зміст κείμενομηνύματος περιεχόμενο תוכן טקסט الرسالة نصالرسالة النص \
    المحتوى پیام متن संदेश मैसेज pesan isipesan isi tinnhắn nộidung ข้อความ メッセージ本文 テキスト 訊息 訊息內容 消息内容 聊天内容 文本 正文 메시지내용 본문 \
    텍스트 문자내용 missatge poruka sporočilo порука съобщение žinutė ziņa sõnum skilaboð mesazhi mensahe mesej teksts tekstas";

pub(super) const SENDER: &str = "\
    sender sendername from fromname author authorname sentby gesendetvon enviadopor envoyépar inviatoda \
    verzondendoor username user name displayname speaker nickname nick participant senderid senderemail sendernumber \
    fromuser fromid fromnumber authorid userid handle writer person absender von verfasser remitente autor de \
    expéditeur auteur mittente da remetente afzender van avsändare från afsender fra avsender lähettäjä nadawca od \
    odesílatel feladó gönderen kimden отправитель от автор відправник від αποστολέας από 送信者 送信者名 差出人 发送者 发件人 发送人 \
    发言人 보낸사람 발신자 absendername gesendetdurch schreiber nombre nombredelremitente usuario contacto nom \
    nomdelexpéditeur utilisateur nome nomemittente autore utente contatto nomedoremetente usuário utilizador contato \
    naam naamafzender gebruiker contactpersoon namn användare författare kontakt navn forfatter bruger bruker nimi \
    kirjoittaja käyttäjä imię nazwa nazwanadawcy użytkownik jméno uživatel odosielateľ meno küldő név szerző \
    felhasználó expeditor nume dela gönderici ad i̇sim kullanıcı yazan имя имяотправителя кто пользователь контакт \
    імя користувач όνομα συντάκτης שולח מאת שם المرسل من الاسم فرستنده نام प्रेषक भेजनेवाला नाम pengirim dari nama ngườigửi \
    từ tên ผู้ส่ง จาก ชื่อ 名前 氏名 発信者 投稿者 ユーザー 發送者 發件人 寄件者 傳送者 姓名 昵称 用户 名称 名稱 이름 발신인 작성자 사용자 remitent pošiljatelj \
    pošiljalec подател contact contactname who emisor откого відкого пошиљалац penghantar siuntėjas sūtītājs saatja \
    sendandi dërguesi nagpadala";

/// The sender's account or address, which `--me` may give though another column has the names.
pub(super) const SENDER_ID: &str = "\
    senderid authorid fromid userid sendernumber fromnumber senderemail fromemail senderaddress fromaddress handle username absenderid";

/// What became of a message, such as that it could not be sent.
pub(super) const STATE: &str = "\
    status state messagestatus sendstatus deliverystatus estado statut stato stan stav durum tila állapot статус состояние стан \
    κατάσταση סטטוס الحالة 状态 狀態 ステータス 상태 trạngthái";

/// That somebody else wrote it, or who.
pub(super) const FORWARDED: &str = "\
    forwarded isforwarded forwardedfrom weitergeleitet reenviado reenviada transféré inoltrato encaminhado encaminhada \
    doorgestuurd vidarebefordrat videresendt välitetty przekazano přeposláno továbbított iletildi переслано 転送 转发 轉發 전달됨";

pub(super) const FROM_ME: &str = "\
    isfromme fromme ismine mine isme issent isoutgoing issender sentreceived sentorreceived receivedsent \
    incomingoutgoing inboundoutbound inout outgoing sfromme direction messagedirection richtung dirección sens \
    direzione direção riktning retning suunta kierunek směr irány yön направление напрямок 方向 방향 messagetype type \
    typ tipo art ordner nachrichtentyp gesendetempfangen einaus enviadorecibido tipodemensaje carpeta envoyéreçu \
    typedemessage dossier inviatoricevuto tipomessaggio cartella enviadarecebida enviadorecebido pasta richting \
    soort verzondenontvangen map typebericht typavmeddelande skickatmottaget mapp skickatellermottaget mappe \
    sendtmodtaget sendtmottatt tyyppi kansio lähetettyvastaanotettu rodzaj wysłaneodebrane smer druh složka típus \
    mappa direcție tip tür klasör тип папка вид напрям κατεύθυνση τύπος כיוון סוג الاتجاه النوع جهت नوع दिशा arah \
    jenis hướng loại ทิศทาง 種別 種類 送受信 類型 类型 收发 发送接收 收發 유형 종류 구분 송수신 folder box sentido посока смер smjer direcció \
    kryptis virziens suund stefna drejtimi direksyon";

/// Those of them that name a folder, in which all messages can be.
pub(super) const FOLDER: &str = "\
    folder ordner carpeta dossier cartella pasta map mapp mappe kansio složka mappa klasör папка";

pub(super) const CONVERSATION: &str = "\
    conversationid conversation conversationname threadid thread chatid chat chatname chatsession channel channelid \
    room group groupname unterhaltung konversation gruppe conversación conversa conversazione gesprek samtale \
    keskustelu rozmowa konverzace sohbet беседа чат 会話 对话 대화 gesprächspartner gespräch grupo groupe gruppo groep \
    grupp ryhmä grupa skupina beszélgetés csoport conversație grup группа розмова συνομιλία שיחה المحادثة مکالمه \
    percakapan cuộctròchuyện スレッド トーク グループ 會話 会话 群组 群組 대화방 채팅방 그룹 to recipient recipients an empfänger para \
    destinataire";

pub(super) const ID: &str = "messageid msgid guid uuid id rowid messagekey nachrichtid";

pub(super) const RECIPIENTS: &str = "recipientcount recipientscount numrecipients";
